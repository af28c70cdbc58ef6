// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads which classes a class file names. Among them are those of which the compiler took only the
 * value of a constant, which no instruction names.
 *
 * <p>Source: JVM specification, 4.4.
 */
final class ConstantPool {
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int METHOD_HANDLE = 15;
  private static final int METHOD_TYPE = 16;
  private static final int MODULE = 19;
  private static final int PACKAGE = 20;

  private ConstantPool() {}

  /** Returns the names of their outermost classes, as they are written in Java. */
  static Set<String> outermostNames(InputStream classFile) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(classFile));
    in.readInt(); // magic
    in.readInt(); // version
    int count = in.readUnsignedShort();
    Map<Integer, String> texts = new HashMap<>();
    List<Integer> classes = new ArrayList<>();
    int entry = 1;
    while (entry < count) {
      int tag = in.readUnsignedByte();
      if (tag == UTF8) {
        texts.put(entry, in.readUTF());
      } else if (tag == CLASS) {
        classes.add(in.readUnsignedShort());
      } else {
        in.readFully(new byte[bytes(tag)]);
      }
      // These two count as two entries.
      entry += tag == LONG || tag == DOUBLE ? 2 : 1;
    }
    Set<String> names = new TreeSet<>();
    classes.forEach(text -> names.add(outermost(texts.get(text))));
    return names;
  }

  private static int bytes(int tag) {
    switch (tag) {
      case LONG:
      case DOUBLE:
        return 8;
      case STRING:
      case METHOD_TYPE:
      case MODULE:
      case PACKAGE:
        return 2;
      case METHOD_HANDLE:
        return 3;
      default:
        return 4;
    }
  }

  private static String outermost(String name) {
    String element = name.startsWith("[") ? name.replaceFirst("^\\[+L?", "") : name;
    return element.replaceFirst("[$;].*", "").replace('/', '.');
  }
}
