// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.state.SwarmActions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes down what the node wants done. */
public final class RecordingActions implements SwarmActions {
  final List<Long> connects = new ArrayList<>();
  final List<Long> disconnects = new ArrayList<>();
  final List<SwarmMessage> sent = new ArrayList<>();
  final List<Long> sentTo = new ArrayList<>();
  final List<String> downloads = new ArrayList<>();
  final List<String> cancels = new ArrayList<>();
  final List<String> uploads = new ArrayList<>();
  final List<Integer> originReads = new ArrayList<>();
  final List<Integer> originCancels = new ArrayList<>();
  int originWidth;
  final List<Long> quarantined = new ArrayList<>();
  final List<Long> pings = new ArrayList<>();

  /** By peer; the others have just said something. */
  final Map<Long, Long> silentNs = new HashMap<>();

  List<Offer> offers() {
    return sent(Offer.class);
  }

  List<Bitfield> maps() {
    return sent(Bitfield.class);
  }

  <M extends SwarmMessage> List<M> sent(Class<M> kind) {
    return sent.stream().filter(kind::isInstance).map(kind::cast).collect(Collectors.toList());
  }

  List<String> refusals() {
    return IntStream.range(0, sent.size())
        .filter(i -> sent.get(i) instanceof Reject)
        .mapToObj(
            i -> {
              Reject refused = (Reject) sent.get(i);
              return sentTo.get(i) + ":" + refused.piece() + " " + refused.reason();
            })
        .collect(Collectors.toList());
  }

  @Override
  public void connect(long peerId, boolean important) {
    connects.add(peerId);
  }

  @Override
  public void disconnect(long peerId) {
    disconnects.add(peerId);
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    sent.add(message);
    sentTo.add(peerId);
  }

  @Override
  public void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge) {
    downloads.add(peerId + ":" + piece);
  }

  @Override
  public void cancelDownload(long peerId, long fileId, int piece) {
    cancels.add(peerId + ":" + piece);
  }

  @Override
  public void upload(long peerId, long fileId, int piece) {
    uploads.add(peerId + ":" + piece);
  }

  @Override
  public void cancelUpload(long peerId, long fileId, int piece) {}

  @Override
  public void readOrigin(long fileId, int piece, boolean evenUncached) {
    originReads.add(piece);
  }

  @Override
  public int originWidth() {
    return originWidth;
  }

  @Override
  public void cancelOrigin(long fileId, int piece) {
    originCancels.add(piece);
  }

  @Override
  public void quarantined(long peerId) {
    quarantined.add(peerId);
  }

  @Override
  public long silentNs(long peerId) {
    return silentNs.getOrDefault(peerId, 0L);
  }

  @Override
  public void ping(long peerId) {
    pings.add(peerId);
  }
}
