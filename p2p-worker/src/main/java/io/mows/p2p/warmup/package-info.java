// SPDX-License-Identifier: Apache-2.0
/** Warm-up jobs: who has to hold which block, how far it is, and the work itself. */
package io.mows.p2p.warmup;
