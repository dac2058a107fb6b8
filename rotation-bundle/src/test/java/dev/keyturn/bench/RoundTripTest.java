package dev.keyturn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an ordinary rotation costs on the wire, counted, so that whatever adds a call, a login or a statement is seen. Where the counts
 * become fewer, correct them here and in docs/benchmarks.md.
 */
class RoundTripTest {

    // Long enough for a client that does not wait to have said all that it has to say before an answer arrives.
    private static final int DELAY = 20;
    // One too many is counted when the client is kept from running meanwhile; never one too few.
    private static final int TRIES = 4;
    private static final List<Operation> CALLS = List.of(Operation.START, Operation.UPDATE_PENDING, Operation.COMPLETE);

    /**
     * A rotation after another one, as most are.
     *
     * @param overlap the argument
     * @param first round trips of the session that makes the change: connecting, TLS, the login, questions and statements, and
     *     a goodbye that is answered
     * @param second round trips of the login with the new value
     * @param mostBytes both ways, on both connections, TLS and certificates included
     */
    @ParameterizedTest
    @CsvSource({
            "POSTGRESQL, auto, 9, 8, 12000",
            "MYSQL, auto, 8, 7, 12000",
            "MYSQL, off, 8, 7, 12000",
            "REDIS, auto, 3, 2, 6000",
            "REDIS, off, 3, 2, 6000",
            "MSSQL, auto, 8, 6, 12000",
    })
    void threeCalls_twoLogins_andNoMoreQuestionsThanThese(Way way, String overlap, int first, int second, int mostBytes) throws Exception {
        Assumptions.assumeTrue(way.target.available(), () -> "not tried: " + way.label + ", which does not run here");
        try (Place place = new Place(way)) {
            place.rotate(place.arguments().put("overlap", overlap));
            long refused = place.refusedLogins();
            List<List<Integer>> seen = new ArrayList<>();
            for (int i = 0; i < TRIES && !seen.contains(List.of(first, second)); i++) {
                int calls = place.manager.operations().size();
                Place.Run run = place.run(DELAY, () -> place.rotate(place.arguments().put("overlap", overlap)));
                assertEquals(CALLS, place.manager.operations().subList(calls, calls + CALLS.size()));
                assertEquals(calls + CALLS.size(), place.manager.operations().size());
                assertEquals(1, run.toManager().size(), "connections to Secret Manager");
                assertTrue(run.toManager().get(0).trips() >= 1 + CALLS.size(), "one to connect, one for each call");
                assertEquals(2, run.toTarget().size(), "connections, and so logins, on the target");
                long bytes = run.toTarget().stream().mapToLong(one -> one.toServer() + one.toClient()).sum();
                assertTrue(bytes <= mostBytes, bytes + " bytes");
                seen.add(run.toTarget().stream().map(Line.Crossed::trips).toList());
            }
            assertEquals(refused, place.refusedLogins(), "refused logins");
            assertTrue(seen.contains(List.of(first, second)), "round trips by connection: " + seen + ", not " + List.of(first, second));
            assertTrue(seen.stream().allMatch(trips -> trips.get(0) >= first && trips.get(1) >= second), "fewer than stand here: " + seen);
        }
    }
}
