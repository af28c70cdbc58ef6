// SPDX-License-Identifier: Apache-2.0
/** The page of a worker and its JSON, on the worker's own web port: docs/api.md, ADR 41. */
package io.mows.alluxio.web;
