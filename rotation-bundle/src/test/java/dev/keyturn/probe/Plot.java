package dev.keyturn.probe;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.HorizontalBarStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The windows as bars. */
final class Plot {

    // Light enough for black figures in them.
    private static final Color[] COLOURS = {new Color(0x7FB2DE), new Color(0xF3BE7A)};
    private static final int DOTS_PER_INCH = 144;
    private static final int ROW_HEIGHT = 44;

    private Plot() {
    }

    /** Writes a PNG file. */
    static void write(List<Measured> all, Path file, int... cacheMillis) throws IOException {
        HorizontalBarChart chart = new HorizontalBarChartBuilder().width(860).height(110 + ROW_HEIGHT * all.size())
                .title("Time in which logins were refused (median, in ms)").build();
        List<String> rows = all.stream().map(one -> one.mode().label + ": " + one.kind().label).toList();
        for (int cache : cacheMillis) {
            List<Double> windows = all.stream().map(one -> bar(one.figures().get(cache))).toList();
            chart.addSeries(cache == 0 ? "active read before each login" : "active kept for " + cache + " ms", windows, rows);
        }
        HorizontalBarStyler styler = chart.getStyler();
        styler.setSeriesColors(COLOURS);
        styler.setLabelsVisible(true);
        styler.setLabelsFontColorAutomaticEnabled(false);
        styler.setLabelsFont(font(Font.PLAIN, 11));
        styler.setChartTitleFont(font(Font.BOLD, 15));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 12));
        styler.setLegendFont(font(Font.PLAIN, 12));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setChartBackgroundColor(Color.WHITE);
        // Below the height of a row, or names are left out. The library takes this one for both axes.
        styler.setXAxisTickMarkSpacingHint(ROW_HEIGHT - 4);
        BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
    }

    /** 0 stands for no refused login at all. */
    private static double bar(Figures figures) {
        return figures.refused() == 0 ? 0 : Math.max(1, Math.round(figures.medianMillis()));
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
