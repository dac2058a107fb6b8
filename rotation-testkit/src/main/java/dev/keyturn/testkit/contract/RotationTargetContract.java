package dev.keyturn.testkit.contract;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The contract of a plugin, as tests. Extend it, supply a fixture, and run it as any other test:
 *
 * <pre>{@code
 * class AcmeContractTest extends RotationTargetContract {
 *     @Override
 *     protected TargetFixture newFixture() {
 *         return new AcmeFixture(AcmeServer.shared().createAccount());
 *     }
 * }
 * }</pre>
 *
 * <p>A failure names the rule, what was seen and where to look. What a target cannot be tested for is told in a line on the
 * console that begins with {@code Keyturn contract kit: not tested}; a test of which nothing is left counts as skipped. The tests
 * are final: a subclass may add some and cannot replace any.
 *
 * <p>The tests change passwords a few hundred times, and make some refused logins: mostly one, rarely more than a dozen for an
 * account. They look at all threads of the JVM, at the console and at {@code java.util.logging}, so nothing else may run in the
 * JVM meanwhile: JUnit is told so.
 */
@Isolated
public abstract class RotationTargetContract {

    /** For subclasses. */
    protected RotationTargetContract() {
    }

    /**
     * Makes a fixture with an account of its own. Called once or more by each test; some call it for each request of a
     * rotation, so a server is better started once for all.
     *
     * @return the fixture, which the kit closes
     * @throws Exception if there can be none; the test then fails
     */
    protected abstract TargetFixture newFixture() throws Exception;

    /** For the tests of the kit. */
    Limits limits() {
        return Limits.USUAL;
    }

    /** For the tests of the kit. */
    List<Path> classPath() {
        return Discovery.testClassPath();
    }

    private interface Work {
        void with(Bench bench) throws Exception;
    }

    private Bench bench() throws Exception {
        TargetFixture fixture = newFixture();
        try {
            return new Bench(fixture, limits());
        } catch (RuntimeException e) {
            fixture.close();
            throw e;
        }
    }

    private void run(Work work) throws Exception {
        try (Bench bench = bench()) {
            work.with(bench);
        }
    }

    // What it is.

    @Test
    final void serviceLoaderFindsThePlugin() throws Exception {
        run(bench -> new Discovery(bench.target()).isFound(classPath()));
    }

    @Test
    final void describesItselfInConstants() throws Exception {
        run(bench -> new Discovery(bench.target()).describesItself());
    }

    // Logging in.

    @Test
    final void rightPasswordIsAccepted() throws Exception {
        run(bench -> new Logins(bench).rightPassword());
    }

    @Test
    final void wrongPasswordIsRejected() throws Exception {
        run(bench -> new Logins(bench).wrongPassword());
    }

    @Test
    final void loginIsTriedOnce() throws Exception {
        run(bench -> new Logins(bench).oneTry());
    }

    @Test
    final void loginConnectsAheadAndWaits() throws Exception {
        run(bench -> new Ahead(bench).run());
    }

    @Test
    final void deadHostIsUnreachable() throws Exception {
        run(bench -> new Logins(bench).deadHost());
    }

    @Test
    final void hungHostIsGivenUp() throws Exception {
        run(bench -> new Hangs(bench).hungHost());
    }

    @Test
    final void identityStaysTheSame() throws Exception {
        run(bench -> new Logins(bench).identity());
    }

    // Changing.

    @Test
    final void surveyChangesNothing() throws Exception {
        run(bench -> new Changes(bench).survey());
    }

    @Test
    final void changeReplacesThePassword() throws Exception {
        run(bench -> new Changes(bench).change());
    }

    @Test
    final void changeTwiceIsChangeOnce() throws Exception {
        run(bench -> new Changes(bench).repeat());
    }

    @Test
    final void finishingChangeIsHarmless() throws Exception {
        run(bench -> new Changes(bench).finish());
    }

    @Test
    final void changeThatIsRefusedLeavesTheLivePassword() throws Exception {
        run(bench -> new Changes(bench).refusedChange());
    }

    @Test
    final void changeCanBePutBack() throws Exception {
        run(bench -> new Changes(bench).putBack());
    }

    @Test
    final void administratorChangesTheNamedAccount() throws Exception {
        run(bench -> new Changes(bench).administrator());
    }

    @Test
    final void madeValuesWork() throws Exception {
        run(bench -> new HostileText(bench).madeValues());
    }

    @Test
    final void everyValueWorksOrIsRefused() throws Exception {
        run(bench -> new HostileText(bench).values());
    }

    @Test
    final void fieldsStayFields() throws Exception {
        run(bench -> new HostileText(bench).fields());
    }

    // Two passwords at a time.

    @Test
    final void overlapIsDeclaredTruly() throws Exception {
        run(bench -> new Overlaps(bench).declared());
    }

    @Test
    final void keepingChangeKeepsBoth() throws Exception {
        run(bench -> new Overlaps(bench).keeping());
    }

    @Test
    final void aChangeThatRetiresEndsThatPasswordOnly() throws Exception {
        run(bench -> new Overlaps(bench).retire());
    }

    @Test
    final void twoChangesAtOnceLeaveOneValue() throws Exception {
        run(bench -> new Races(bench).run());
    }

    // Breaking.

    @Test
    final void crashAnywhereIsRecoverableAndToldHonestly() throws Exception {
        new Crashes(this::bench).everywhere();
    }

    @Test
    final void changeWithoutReplyIsGivenUp() throws Exception {
        hungChanges(Rule.CHANGE_DEADLINE);
    }

    @Test
    final void interruptionEndsACall() throws Exception {
        run(bench -> new Hangs(bench).interruptedLogin());
        hungChanges(Rule.INTERRUPTION);
    }

    /** Each request of a change in turn, until there is none left. */
    private void hungChanges(Rule rule) throws Exception {
        boolean met = true;
        for (int number = 1; met && number <= 20; number++) {
            try (Bench bench = bench()) {
                met = new Hangs(bench).hungChange(number, rule);
            }
            if (number == 1 && !met) {
                throw rule.broken("change() sent nothing through the kit's proxy, so this would prove nothing");
            }
        }
    }

    // Leaving.

    @Test
    final void noPasswordIsShown() throws Exception {
        run(bench -> new Silence(bench).search());
    }

    @Test
    final void noConnectionIsLeft() throws Exception {
        run(bench -> new Leftovers(bench).connections());
    }

    @Test
    final void noThreadIsLeft() throws Exception {
        run(bench -> new Leftovers(bench).threads());
    }
}
