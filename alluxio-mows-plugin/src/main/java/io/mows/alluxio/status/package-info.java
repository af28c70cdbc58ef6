// SPDX-License-Identifier: Apache-2.0
/** What a worker and its cluster do now, as JSON: docs/api.md. */
package io.mows.alluxio.status;
