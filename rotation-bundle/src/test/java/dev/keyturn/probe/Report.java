package dev.keyturn.probe;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table, and its place in the page. */
final class Report {

    static final String BEGIN = "<!-- written by the probe, from here -->\n";
    static final String END = "<!-- to here -->\n";

    private Report() {
    }

    static String table(List<Measured> all, int... cacheMillis) {
        StringBuilder text = new StringBuilder("| mode | target | rotations |");
        for (int cache : cacheMillis) {
            text.append(" refused logins, ").append(cache == 0 ? "no cache" : cache + " ms cache").append(" | window: median, longest |");
        }
        text.append("\n| --- | --- | ---: |").append(" ---: | ---: |".repeat(cacheMillis.length)).append("\n");
        for (Measured one : all) {
            text.append("| ").append(one.mode().label).append(" | ").append(one.kind().label).append(" | ")
                    .append(one.figures().values().iterator().next().rotations()).append(" |");
            for (int cache : cacheMillis) {
                text.append(cells(one.figures().get(cache)));
            }
            text.append("\n");
        }
        return text.toString();
    }

    private static String cells(Figures figures) {
        return String.format(Locale.ROOT, " %,d of %,d%s | %s |", figures.refused(), figures.logins(),
                figures.unanswered() == 0 ? "" : ", " + figures.unanswered() + " without an answer",
                figures.refused() == 0 ? "none"
                        : Figures.millis(figures.medianMillis()) + " ms, " + Figures.millis(figures.longestMillis()) + " ms");
    }

    /** The page with another text between the two marks. */
    static String into(String page, String text) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page lacks the marks of the part that is written: " + BEGIN.strip() + " and " + END.strip());
        }
        return page.substring(0, begin + BEGIN.length()) + text + page.substring(end);
    }

    /** What the figures were taken with. */
    static String conditions(int betweenMillis) {
        return "Taken with Java " + Runtime.version().feature() + " on " + System.getProperty("os.name") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors. " + betweenMillis + " ms between two rotations, "
                + Clients.PAUSE_MILLIS + " ms between two logins of a client, " + Rotating.CALL_MILLIS + " ms added to each call to Secret Manager.\n";
    }

    static String summary(Measured one) {
        return one.mode().label + ", " + one.kind().label + ": " + one.figures().entrySet().stream()
                .map(entry -> entry.getKey() + " ms cache " + entry.getValue()).collect(Collectors.joining("; "));
    }
}
