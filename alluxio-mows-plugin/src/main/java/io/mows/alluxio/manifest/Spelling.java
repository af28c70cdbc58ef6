// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Paths that are one to people, and not to programs. Stateless. */
final class Spelling {
  private static final Splitter NAMES = Splitter.on('/');
  private static final CharMatcher AROUND = CharMatcher.whitespace().or(CharMatcher.is('*'));

  private Spelling() {}

  /**
   * What paths share that are one file's: macOS writes accents as characters of their own (NFD),
   * others do not (NFC), and Windows writes a backslash.
   */
  static String canonical(String path) {
    return Normalizer.normalize(path.replace('\\', '/'), Normalizer.Form.NFC);
  }

  /** What paths share of which one may be a slip of the other's. */
  static String loose(String path) {
    List<String> names = new ArrayList<>();
    for (String name : NAMES.split(canonical(path))) {
      names.add(AROUND.trimFrom(name));
    }
    return String.join("/", names).toLowerCase(Locale.ROOT);
  }
}
