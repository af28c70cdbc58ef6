# SPDX-License-Identifier: Apache-2.0
"""What is particular to each engine. Nothing here is imported before its engine asks for it."""
