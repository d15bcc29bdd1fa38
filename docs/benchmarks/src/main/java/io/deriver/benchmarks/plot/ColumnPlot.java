package io.deriver.benchmarks.plot;

import java.awt.Color;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/** One figure's part of a plot. */
final class ColumnPlot {

  private static final Color BAR = new Color(0x4C78A8);
  private static final double ROOM_FOR_LABELS = 0.25;

  private static final ItemLabelPosition RIGHT_OF_BAR =
      new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT);

  private ColumnPlot() {}

  static CategoryPlot of(Bars.Column column, List<String> subjects, Font font) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    for (int i = 0; i < subjects.size(); i++) {
      data.addValue(column.values().get(i), column.name(), subjects.get(i));
    }
    CategoryPlot plot = new CategoryPlot(data, null, axis(column.name(), font), bars(font));
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    return plot;
  }

  private static NumberAxis axis(String name, Font font) {
    NumberAxis axis = new NumberAxis(name);
    axis.setLabelFont(font);
    axis.setTickLabelsVisible(false);
    axis.setUpperMargin(ROOM_FOR_LABELS);
    return axis;
  }

  private static BarRenderer bars(Font font) {
    BarRenderer bars = new BarRenderer();
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);
    bars.setSeriesPaint(0, BAR);
    bars.setDefaultItemLabelFont(font);
    bars.setDefaultItemLabelsVisible(true);
    bars.setDefaultPositiveItemLabelPosition(RIGHT_OF_BAR);
    bars.setDefaultNegativeItemLabelPosition(RIGHT_OF_BAR);
    bars.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator(
            "{2}", new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))));
    return bars;
  }
}
