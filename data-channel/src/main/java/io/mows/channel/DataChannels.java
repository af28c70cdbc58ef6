// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Chooses among the providers. Immutable. */
public final class DataChannels {
  private final List<DataChannelProvider> providers;

  /**
   * @param providers the candidates, in any order
   */
  public DataChannels(List<DataChannelProvider> providers) {
    this.providers = List.copyOf(providers);
  }

  /** The providers that the class loader of this class finds. */
  public static DataChannels load() {
    List<DataChannelProvider> found = new ArrayList<>();
    ServiceLoader.load(DataChannelProvider.class, DataChannels.class.getClassLoader())
        .forEach(found::add);
    return new DataChannels(found);
  }

  /** All of them, available or not. */
  public List<DataChannelProvider> providers() {
    return providers;
  }

  /**
   * The provider to use.
   *
   * @throws IllegalStateException if there is none; the message is for the operator
   */
  public DataChannelProvider choose(ChannelChoice choice) {
    return providers.stream()
        .filter(provider -> fits(provider, choice) && provider.availability().isAvailable())
        .max(Comparator.comparingInt(DataChannelProvider::priority))
        .orElseThrow(() -> new IllegalStateException(nothingFits(choice)));
  }

  private static boolean fits(DataChannelProvider provider, ChannelChoice choice) {
    return choice == ChannelChoice.AUTO || provider.name().equals(choice.providerName());
  }

  private String nothingFits(ChannelChoice choice) {
    String known =
        providers.stream()
            .map(provider -> provider.name() + " is " + provider.availability())
            .collect(Collectors.joining("; "));
    return "alluxio.mows.channel is "
        + choice.providerName()
        + ", but there is no such data channel on this worker ("
        + (known.isEmpty() ? "none is installed" : known)
        + "). Set it to auto, or repair what is missing";
  }
}
