// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

/** One thing about a worker that matters to MoWS, and what to do about it. Immutable. */
public final class Finding {
  private final Level level;
  private final String subject;
  private final String found;
  private final String remedy;

  private Finding(Level level, String subject, String found, String remedy) {
    this.level = level;
    this.subject = subject;
    this.found = found;
    this.remedy = remedy;
  }

  public static Finding ok(String subject, String found) {
    return new Finding(Level.OK, subject, found, "");
  }

  /** It works, but not as well as it could. */
  public static Finding note(String subject, String found, String remedy) {
    return new Finding(Level.NOTE, subject, found, remedy);
  }

  /** Something that was asked for does not work. */
  public static Finding problem(String subject, String found, String remedy) {
    return new Finding(Level.PROBLEM, subject, found, remedy);
  }

  /**
   * As it was before it was sent.
   *
   * @param level the name of a level; another one, of a newer worker, is a note
   */
  public static Finding of(String level, String subject, String found, String remedy) {
    for (Level known : Level.values()) {
      if (known.name().equals(level)) {
        return new Finding(known, subject, found, remedy);
      }
    }
    return note(subject, found, remedy);
  }

  public Level level() {
    return level;
  }

  public String subject() {
    return subject;
  }

  public String found() {
    return found;
  }

  /** Empty if there is nothing to do. */
  public String remedy() {
    return remedy;
  }

  @Override
  public String toString() {
    return level + " " + subject + ": " + found + (remedy.isEmpty() ? "" : " (" + remedy + ")");
  }

  /** How bad it is. */
  public enum Level {
    OK,
    NOTE,
    PROBLEM
  }
}
