// SPDX-License-Identifier: Apache-2.0
/** Connections with other workers, and what is said on them. */
package io.mows.p2p.peer;
