// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import io.mows.channel.PrintableText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows under titles, in columns as wide as their contents. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<Column> columns = new ArrayList<>();
  private int rowCount;

  /** Adds a column that starts at the left. */
  public TextTable text(String title) {
    columns.add(new Column(title, false));
    return this;
  }

  /** Adds a column that ends at the right. */
  public TextTable number(String title) {
    columns.add(new Column(title, true));
    return this;
  }

  /** Adds a row with as many cells as there are columns. */
  public void row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells in " + columns.size() + " columns");
    }
    for (int i = 0; i < cells.length; i++) {
      columns.get(i).add(PrintableText.line(cells[i].toString()));
    }
    rowCount++;
  }

  /**
   * @param ifEmpty is printed if there are no rows
   */
  public void print(PrintStream out, String ifEmpty) {
    if (rowCount == 0) {
      out.println(GAP + ifEmpty);
      return;
    }
    for (int row = 0; row <= rowCount; row++) {
      StringBuilder line = new StringBuilder();
      for (Column column : columns) {
        line.append(GAP).append(column.cell(row));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static final class Column {
    private final boolean toTheRight;
    private final List<String> cells = new ArrayList<>();
    private int width;

    Column(String title, boolean toTheRight) {
      this.toTheRight = toTheRight;
      add(title);
    }

    void add(String cell) {
      cells.add(cell);
      width = Math.max(width, cell.length());
    }

    String cell(int row) {
      String cell = cells.get(row);
      String pad = " ".repeat(width - cell.length());
      return toTheRight ? pad + cell : cell + pad;
    }
  }
}
