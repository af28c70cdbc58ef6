// SPDX-License-Identifier: Apache-2.0
/** How each load of a model went, and what limited it: docs/api.md. */
package io.mows.alluxio.trace;
