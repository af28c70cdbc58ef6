// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads fields that nothing but a test has to know. */
public final class Fields {
  private static final Map<Class<?>, Map<String, Field>> KNOWN = new ConcurrentHashMap<>();

  private Fields() {}

  /** What {@code owner} has under this name. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public static <T> T of(Object owner, String name) {
    Class<?> type = owner.getClass();
    Field field =
        KNOWN
            .computeIfAbsent(type, key -> new ConcurrentHashMap<>())
            .computeIfAbsent(name, key -> find(type, key));
    try {
      return (T) field.get(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Field find(Class<?> of, String name) {
    try {
      Field field = of.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(of + " has no field " + name + " any more", e);
    }
  }
}
