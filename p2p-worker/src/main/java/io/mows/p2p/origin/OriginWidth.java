// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.origin;

import java.util.concurrent.TimeUnit;

/**
 * Finds out how many streams of the origin are of use, by trying: while all that there may be are
 * busy it lets there be twice as many. Whether the origin limits a stream, or a link is full,
 * cannot be seen from outside: where streams share something that is full, each gets less when
 * there are more of them; where each is limited by itself, it gets the same.
 *
 * <p>To be wrong costs others: who has more streams than others on a link that all share takes
 * their part. So a stream must bring nearly what it brought before, and when it does not any more,
 * as many streams stay as would bring the same if it did.
 *
 * <p>Pure: no clock; for one thread.
 */
public final class OriginWidth {
  /** So many do no harm, whatever they bring. */
  static final int FIRST = 4;

  static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /** More streams stand within that, or there is nothing for them to do. */
  static final long OPENING_NS = TimeUnit.MILLISECONDS.toNanos(1_500);

  static final long EMPTY_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
  static final long MIN_PAUSE_NS = TimeUnit.SECONDS.toNanos(5);
  static final long MAX_PAUSE_NS = TimeUnit.MINUTES.toNanos(5);

  /** One failure says little: a connection broke. Two within that mean that it is too much. */
  static final long REFUSED_NS = TimeUnit.SECONDS.toNanos(1);

  static final long REFUSED_PAUSE_NS = TimeUnit.SECONDS.toNanos(30);

  /** With less than so many times as many streams it is not worth the trouble. */
  static final double LEAST_GAIN = 1.25;

  /** Of what a stream brought before, with more of them. */
  static final double LEAST_SHARE = 0.85;

  /** If it brings less than that, something is full. */
  static final double FULL_SHARE = 0.6;

  /** After a pause of that, what one stream brings may be something else. */
  static final long FORGET_NS = TimeUnit.SECONDS.toNanos(2);

  /** Of the streams that are tried, so many must be at work. */
  private static final double MOST = 0.75;

  /** With less a window says nothing. */
  private static final long LEAST_BYTES = 128 << 10;

  private enum Phase {
    MEASURING,
    OPENING,
    TRYING
  }

  private final int max;
  private Phase phase = Phase.MEASURING;
  private int width;
  private int tried;
  private int streaming;
  private long streamingNs;
  private long countedNs;
  private boolean running;
  private long idleSinceNs;
  private long sinceNs;
  private long sinceBytes;
  private long sinceStreamingNs;
  private double baseRate;
  private double streamRate;
  private boolean isSecondTry;
  private boolean isEnough;
  private long pauseNs = MIN_PAUSE_NS;
  private boolean paused;
  private boolean pausedByRefusal;
  private long pausedUntilNs;
  private boolean wasRefused;
  private long refusedNs;

  /**
   * @param max streams at most
   */
  public OriginWidth(int max) {
    this.max = max;
    this.width = Math.min(max, FIRST);
    this.tried = width;
  }

  /** How many streams there may be now. */
  public int streams() {
    return tried;
  }

  /** How many are of use, as far as is known. */
  public int found() {
    return width;
  }

  /** Whether the origin has said that it was asked too much, and nothing has been tried since. */
  public boolean isHeldBack() {
    return pausedByRefusal;
  }

  /** What one stream brings, in bytes per ns; 0 if that is not known yet. */
  public double streamBytesPerNs() {
    return streamRate;
  }

  /** Whether more streams have been tried last, and did not bring more. */
  public boolean isEnough() {
    return isEnough;
  }

  /** So many streams more, or less, bring bytes now. */
  public void streaming(int more, long nowNs) {
    count(nowNs);
    streaming += more;
  }

  private void count(long nowNs) {
    streamingNs += streaming * (nowNs - countedNs);
    countedNs = nowNs;
  }

  /**
   * To be called some times a second, and when a stream begins or ends.
   *
   * @param receivedBytes what has come over all streams, ever
   * @param streams how many there are, those that have brought nothing yet as well
   * @param most how many more pieces or ranges would be read at once if there were any
   */
  public void update(long nowNs, long receivedBytes, int streams, int most) {
    count(nowNs);
    if (streams == 0) {
      idle(nowNs);
      return;
    }
    if (!running) {
      forget(nowNs);
      running = true;
      begin(Phase.MEASURING, nowNs, receivedBytes);
    }
    if (phase == Phase.MEASURING && streams > most) {
      // Those that were too many are still at work.
      begin(Phase.MEASURING, nowNs, receivedBytes);
      return;
    }
    long passedNs = nowNs - sinceNs;
    if (phase == Phase.OPENING) {
      if (streaming >= MOST * tried) {
        begin(Phase.TRYING, nowNs, receivedBytes);
      } else if (passedNs >= OPENING_NS) {
        // Nothing to do for them: that says nothing.
        isSecondTry = false;
        pause(nowNs, EMPTY_PAUSE_NS);
        goBack(nowNs, receivedBytes);
      }
    } else if (passedNs >= WINDOW_NS && receivedBytes - sinceBytes >= LEAST_BYTES) {
      windowEnded(nowNs, receivedBytes, streams);
    }
  }

  private void idle(long nowNs) {
    if (running) {
      idleSinceNs = nowNs;
    } else {
      forget(nowNs);
    }
    running = false;
    isSecondTry = false;
    tried = width;
    phase = Phase.MEASURING;
  }

  /** That a link was full says nothing of the next load; that the origin refused does. */
  private void forget(long nowNs) {
    if (nowNs - idleSinceNs < FORGET_NS) {
      return;
    }
    streamRate = 0;
    isEnough = false;
    if (!pausedByRefusal) {
      paused = false;
      pauseNs = MIN_PAUSE_NS;
    }
  }

  private void begin(Phase next, long nowNs, long receivedBytes) {
    phase = next;
    sinceNs = nowNs;
    sinceBytes = receivedBytes;
    sinceStreamingNs = streamingNs;
  }

  private void windowEnded(long nowNs, long receivedBytes, int streams) {
    double passedNs = nowNs - sinceNs;
    double bytes = receivedBytes - sinceBytes;
    double rate = bytes / passedNs;
    double count = (streamingNs - sinceStreamingNs) / passedNs;
    streamRate = count > 0 ? bytes / (streamingNs - sinceStreamingNs) : streamRate;
    if (phase == Phase.TRYING) {
      judge(rate, count, nowNs, receivedBytes);
    } else {
      shrink(rate);
      consider(count, streams, nowNs, receivedBytes);
    }
  }

  private void judge(double rate, double count, long nowNs, long receivedBytes) {
    if (streamRate >= LEAST_SHARE * baseRate) {
      width = tried;
      pauseNs = MIN_PAUSE_NS;
      isSecondTry = false;
      consider(count, tried, nowNs, receivedBytes);
      return;
    }
    // As many as would bring that if something were not full now.
    int fewer = (int) Math.min(tried - 1, Math.ceil(rate / baseRate));
    if (!isSecondTry && fewer > LEAST_GAIN * width) {
      isSecondTry = true;
      tried = fewer;
      begin(Phase.OPENING, nowNs, receivedBytes);
    } else {
      isSecondTry = false;
      isEnough = true;
      pause(nowNs, pauseNs);
      pauseNs = Math.min(MAX_PAUSE_NS, 2 * pauseNs);
      goBack(nowNs, receivedBytes);
    }
  }

  private void shrink(double rate) {
    int least = Math.min(max, FIRST);
    if (width > least && streamRate < FULL_SHARE * baseRate) {
      width = Math.max(least, (int) Math.ceil(rate / baseRate));
    }
  }

  private void consider(double count, int streams, long nowNs, long receivedBytes) {
    boolean busy = streams >= width && count >= MOST * width;
    boolean resting = paused && nowNs - pausedUntilNs < 0;
    int more = (int) Math.min(max, Math.round(2 * Math.max(width, count)));
    if (busy && !resting && more > Math.max(width, count)) {
      baseRate = streamRate;
      isEnough = false;
      tried = more;
      begin(Phase.OPENING, nowNs, receivedBytes);
    } else {
      goBack(nowNs, receivedBytes);
    }
  }

  private void pause(long nowNs, long forNs) {
    paused = true;
    pausedByRefusal = false;
    pausedUntilNs = nowNs + forNs;
  }

  private void goBack(long nowNs, long receivedBytes) {
    tried = width;
    begin(Phase.MEASURING, nowNs, receivedBytes);
  }

  /**
   * The origin is away, or does not answer so many questions at once. If it says so again and
   * again: half of the streams, and for long no more.
   */
  public void refused(long nowNs) {
    boolean again = wasRefused && nowNs - refusedNs < REFUSED_NS;
    wasRefused = !again;
    refusedNs = nowNs;
    if (!again) {
      return;
    }
    width = Math.max(Math.min(max, FIRST), width / 2);
    tried = width;
    phase = Phase.MEASURING;
    running = false;
    pause(nowNs, Math.max(pauseNs, REFUSED_PAUSE_NS));
    pausedByRefusal = true;
  }
}
