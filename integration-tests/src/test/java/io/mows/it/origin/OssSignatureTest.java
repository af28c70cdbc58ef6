// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OssSignatureTest {
  @Test
  void shouldReproduceTheExampleOfTheOssDocumentation() {
    String stringToSign =
        "PUT\nODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=\ntext/html\n"
            + "Thu, 17 Nov 2005 18:49:58 GMT\nx-oss-magic:abracadabra\n"
            + "x-oss-meta-author:foo@bar.com\n/oss-example/nelson";
    assertEquals(
        "26NBxoKdsyly4EDv6inkoDft/yA=",
        OssSignature.sign(stringToSign, "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV"));
  }
}
