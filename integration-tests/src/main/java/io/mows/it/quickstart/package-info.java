/**
 * The first thing to run: the same model read through stock Alluxio and through Alluxio with the
 * drop-in jar, on this machine, then through several workers at once, with every byte checked.
 */
package io.mows.it.quickstart;
