package io.deriver.benchmarks.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.plot.CombinedDomainCategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.ui.RectangleInsets;

/**
 * A bar for each figure of each subject: figures side by side, each with an axis of its own.
 *
 * @param subjects from top to bottom
 * @param columns from left to right
 */
public record Bars(String title, List<String> subjects, List<Column> columns) {

  private static final int SUBJECTS_WIDTH = 280;
  private static final int COLUMN_WIDTH = 220;
  private static final int SUBJECT_HEIGHT = 26;
  private static final int AXES_HEIGHT = 90;
  private static final int GAP = 24;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  public Bars {
    subjects = List.copyOf(subjects);
    columns = List.copyOf(columns);
  }

  /**
   * A figure.
   *
   * @param values one for each subject
   */
  public record Column(String name, List<Double> values) {

    public Column {
      values = List.copyOf(values);
    }
  }

  /**
   * Draws it as SVG.
   *
   * @return the file
   */
  public Path writeInto(Path folder, String name) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name + ".svg");
    Svg svg =
        new Svg(
            SUBJECTS_WIDTH + columns.size() * COLUMN_WIDTH,
            AXES_HEIGHT + subjects.size() * SUBJECT_HEIGHT);
    JFreeChart chart = chart();
    Files.writeString(
        file,
        svg.of(
            graphics ->
                chart.draw(graphics, new Rectangle2D.Double(0, 0, svg.width(), svg.height()))));
    return file;
  }

  private JFreeChart chart() {
    CategoryAxis names = new CategoryAxis();
    names.setTickLabelFont(TEXT);
    names.setAxisLineStroke(new BasicStroke(0));
    names.setMaximumCategoryLabelWidthRatio(1);
    CombinedDomainCategoryPlot plot = new CombinedDomainCategoryPlot(names);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setGap(GAP);
    plot.setInsets(new RectangleInsets(4, 4, 4, GAP));
    columns.forEach(column -> plot.add(ColumnPlot.of(column, subjects, TEXT)));
    JFreeChart chart = new JFreeChart(title, TITLE, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    return chart;
  }
}
