package dev.keyturn.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How logins become figures, and figures a page. */
class FiguresTest {

    private static Login login(long begins, long ends, Answer answer) {
        return new Login(0, TimeUnit.MILLISECONDS.toNanos(begins), TimeUnit.MILLISECONDS.toNanos(ends), answer);
    }

    private static final List<Long> BEGINS = List.of(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(200),
            TimeUnit.MILLISECONDS.toNanos(300));

    @Test
    void aWindowGoesFromTheFirstRefusedLoginToTheEndOfTheLast() {
        Figures figures = Figures.of(BEGINS, List.of(login(90, 99, Answer.ACCEPTED), login(104, 112, Answer.REFUSED),
                login(103, 113, Answer.REFUSED), login(114, 115, Answer.ACCEPTED), login(115, 119, Answer.REFUSED),
                login(195, 205, Answer.REFUSED), login(210, 211, Answer.ACCEPTED), login(301, 302, Answer.UNREACHABLE)));
        assertEquals(new Figures(3, 8, 4, 1, 2, 10, 16), figures);
        assertFalse(figures.clean());
    }

    @Test
    void nothingRefusedIsNoWindow() {
        Figures figures = Figures.of(BEGINS, List.of(login(100, 110, Answer.ACCEPTED)));
        assertEquals(new Figures(3, 1, 0, 0, 0, 0, 0), figures);
        assertTrue(figures.clean());
    }

    @Test
    void whatIsWantedDependsOnTheMode() {
        Figures clean = new Figures(1, 1, 0, 0, 0, 0, 0);
        Figures refused = new Figures(1, 2, 1, 0, 1, 5, 5);
        Figures unanswered = new Figures(1, 2, 1, 1, 1, 5, 5);
        for (Mode mode : Mode.values()) {
            boolean keeps = EnumSet.of(Mode.OVERLAP, Mode.TWO_ACCOUNTS).contains(mode);
            assertEquals(keeps, new Measured(Target.Kind.MYSQL, mode, Map.of(0, clean)).asWanted());
            assertEquals(!keeps, new Measured(Target.Kind.MYSQL, mode, Map.of(0, refused)).asWanted());
            assertFalse(new Measured(Target.Kind.MYSQL, mode, Map.of(0, unanswered)).asWanted());
        }
    }

    @Test
    void thePageHasAPlaceForTheTable() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "zero-downtime.md"));
        String written = Report.into(page, "table\n");
        assertTrue(written.contains(Report.BEGIN + "table\n" + Report.END));
        assertEquals(written, Report.into(Report.into(page, "another\n"), "table\n"));
        assertThrows(IllegalArgumentException.class, () -> Report.into("no marks", "table\n"));
    }
}
