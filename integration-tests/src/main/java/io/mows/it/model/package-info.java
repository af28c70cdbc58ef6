/**
 * Synthetic models: directories that look like a downloaded Hugging Face model, of any size, with
 * checksums; and the readers that check them.
 */
package io.mows.it.model;
