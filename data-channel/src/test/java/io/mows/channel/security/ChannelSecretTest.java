// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.security.ChannelSecret.Role;
import io.mows.channel.testing.TestSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChannelSecretTest {
  private static final byte[] CONTEXT = bytes("context");
  private static final byte[] DIALLED = bytes("hello of the dialling side");
  private static final byte[] ACCEPTED = bytes("hello of the accepting side");

  @TempDir Path dir;

  @Test
  void shouldAcceptOnlyTheProofOfTheSameThing() throws IOException {
    ChannelSecret secret = secret("0123456789abcdef");
    ChannelSecret other = secret("0123456789abcdeF");
    byte[] proof = secret.proof(Role.DIALLED, CONTEXT, DIALLED, ACCEPTED);
    assertTrue(secret.isProof(proof, Role.DIALLED, CONTEXT, DIALLED, ACCEPTED));
    assertFalse(other.isProof(proof, Role.DIALLED, CONTEXT, DIALLED, ACCEPTED), "other secret");
    assertFalse(secret.isProof(proof, Role.ACCEPTED, CONTEXT, DIALLED, ACCEPTED), "other role");
    assertFalse(secret.isProof(proof, Role.DIALLED, bytes(""), DIALLED, ACCEPTED), "context");
    assertFalse(secret.isProof(proof, Role.DIALLED, CONTEXT, ACCEPTED, DIALLED), "swapped");
    assertFalse(secret.isProof(new byte[0], Role.DIALLED, CONTEXT, DIALLED, ACCEPTED), "none");
    // Fields do not run into each other.
    byte[] shifted = secret.proof(Role.DIALLED, bytes("contexth"), bytes("ello"), ACCEPTED);
    assertFalse(secret.isProof(shifted, Role.DIALLED, CONTEXT, bytes("hello"), ACCEPTED));
  }

  @Test
  void shouldIgnoreWhiteSpaceAtTheEnd() throws IOException {
    assertArrayEquals(
        secret("0123456789abcdef").proof(Role.DIALLED, CONTEXT, DIALLED, ACCEPTED),
        secret("0123456789abcdef \r\n").proof(Role.DIALLED, CONTEXT, DIALLED, ACCEPTED));
  }

  @Test
  void shouldSayWhatIsWrongWithTheFile() throws IOException {
    assertProblem(dir.resolve("missing"), "does not exist");
    assertProblem(dir, "is not a file");
    assertProblem(write("", "rw-------"), "is empty");
    assertProblem(write("\n \n", "rw-------"), "is empty");
    assertProblem(write("0123456789abcde\n", "rw-------"), "only 15 bytes");
    assertProblem(write("0123456789abcdef\n0123\n", "rw-------"), "only 4 bytes in line 2");
    assertProblem(write("0123456789abcdef\n".repeat(9), "rw-------"), "has 9 secrets");
    assertProblem(write("0123456789abcdef", "rw----r--"), "every user");
    assertProblem(write("0123456789abcdef", "rw-----w-"), "every user");
    assertProblem(write("x".repeat(70_000), "rw-------"), "more than 65536 bytes");
    SecretFile.read(write("0123456789abcdef", "rw-r-----"));
  }

  @Test
  void shouldNotShowItself() throws IOException {
    assertFalse(secret("0123456789abcdef").toString().contains("0123"));
    assertFalse(TestSecrets.create(dir, "0123456789abcdef").toString().contains("0123"));
  }

  private ChannelSecret secret(String text) throws IOException {
    return ChannelSecret.of(TestSecrets.create(dir, text));
  }

  private void assertProblem(Path file, String what) {
    IOException problem = assertThrows(IOException.class, () -> SecretFile.read(file));
    String message = problem.getMessage();
    assertTrue(message.contains(what), message);
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("alluxio.mows.security.secret.file"), message);
  }

  private Path write(String text, String permissions) throws IOException {
    Path file = Files.createTempFile(dir, "secret", "");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
