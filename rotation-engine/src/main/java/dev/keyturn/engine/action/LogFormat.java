package dev.keyturn.engine.action;

import java.util.logging.LogManager;

/**
 * One line a record, where nobody has said otherwise. The JDK's own layout takes two, the first of them a date and a method's name:
 * in the platform's log viewer, which brings its own time, that buries what happened.
 *
 * <p>It is the JDK's own setting for its own formatter, and the smallest thing that does it: no handler is added or taken away, so a
 * host's stay in charge; a host's setting, as a system property or in its logging configuration, goes before; a host that routes
 * {@link System.Logger} elsewhere never notices. It holds for handlers made after it, so it is set before the first record.
 */
final class LogFormat {

    private static final String SETTING = "java.util.logging.SimpleFormatter.format";
    // Level, logger, message, and a stack trace on the lines after it; always ended.
    private static final String LINE = "%4$s %3$s: %5$s%6$s%n";

    private LogFormat() {
    }

    /** Sets it, unless somebody has. Cheap, and may be repeated. */
    static void oneLine() {
        try {
            if (System.getProperty(SETTING) == null && LogManager.getLogManager().getProperty(SETTING) == null) {
                System.setProperty(SETTING, LINE);
            }
        } catch (SecurityException e) {
            // A runtime that forbids it keeps its layout: no reason not to rotate.
            return;
        }
    }
}
