// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PrintableTextTest {
  @Test
  void shouldShowNoControlCharacter() {
    assertEquals("a?[2Jb?31mc??d?", PrintableText.line("a\u001b[2Jb\u009b31mc\r\nd\u007f"));
    assertEquals("Modell ä, 模型", PrintableText.line("Modell ä, 模型"));
  }

  @Test
  void shouldLeaveLinesAndTabs() {
    assertEquals("a\n\tb??c", PrintableText.lines("a\n\tb\r\u001bc"));
  }
}
