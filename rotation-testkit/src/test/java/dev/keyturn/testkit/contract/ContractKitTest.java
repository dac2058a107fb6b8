package dev.keyturn.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.keyturn.api.TargetContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit is right: it passes a plugin that is right, and catches every plugin that is wrong, for the rule that it breaks. */
@Isolated
class ContractKitTest {

    private static final Pattern RULE = Pattern.compile("(?m)^([A-Z_]+) \\((?:R[0-9]+|SPI)\\): ");
    private static final Set<String> WAITING = Set.of("changeWithoutReplyIsGivenUp()", "interruptionEndsACall()", "loginConnectsAheadAndWaits()");
    private static final Set<Rule> SLOW = EnumSet.of(Rule.CHANGE_DEADLINE, Rule.INTERRUPTION, Rule.HONEST, Rule.HUNG_HOST, Rule.CLOSES,
            Rule.CONNECTS_AHEAD);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    @TempDir
    private Path folder;

    /** The kit, applied to whatever plugin is its turn. */
    static final class Subject extends RotationTargetContract {

        private static Specimen specimen = Specimen.of(new LineTarget(), Rule.CHANGE, "");
        private static Path services = Path.of("");
        private static boolean poor;

        @Override
        protected TargetFixture newFixture() throws IOException {
            LineFixture fixture = new LineFixture(specimen.plugin(), specimen.server());
            return poor ? new PoorFixture(fixture) : fixture;
        }

        @Override
        Limits limits() {
            return new Limits(20_000, 500, 100, 300, 1_500);
        }

        @Override
        List<Path> classPath() {
            List<Path> all = new ArrayList<>(super.classPath());
            all.add(services);
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MANY_VALUES", "ONE_VALUE"})
    void rightPluginPasses(LineServer.Kind server) throws IOException {
        EngineExecutionResults results = run(Specimen.of(new LineTarget(), Rule.CHANGE, "").on(server), true);

        assertEquals(Map.of(), broken(results));
        Set<Rule> leftOut = server == LineServer.Kind.ONE_VALUE ? EnumSet.of(Rule.OVERLAP, Rule.RETIRE) : Set.of();
        assertEquals(leftOut, leftOut());
        assertEquals(leftOut.size(), results.testEvents().aborted().count());
        assertTrue(results.testEvents().succeeded().count() > 25, "hardly any test was run");
    }

    /** What cannot be tested is said. */
    @Test
    void nothingIsLeftOutInSilence() throws IOException {
        Subject.poor = true;
        EngineExecutionResults results = run(Specimen.of(new LineTarget(), Rule.CHANGE, "").on(LineServer.Kind.ONE_VALUE), true);

        assertEquals(Map.of(), broken(results));
        Set<Rule> withoutAddress = EnumSet.of(Rule.DEAD_HOST, Rule.HUNG_HOST, Rule.CRASH, Rule.HONEST, Rule.CLOSES, Rule.CHANGE_DEADLINE,
                Rule.INTERRUPTION, Rule.CONNECTS_AHEAD, Rule.SILENCE, Rule.NO_CONNECTION_LEFT, Rule.NO_THREAD_LEFT);
        Set<Rule> leftOut = EnumSet.of(Rule.ONE_LOGIN, Rule.ADMINISTRATOR, Rule.OVERLAP, Rule.OVERLAP_DECLARED, Rule.RETIRE);
        leftOut.addAll(withoutAddress);
        assertEquals(leftOut, leftOut());
        assertEquals(11, results.testEvents().aborted().count());
    }

    @Test
    void pluginThatConnectsLateHasNothingToWaitWith() throws IOException {
        EngineExecutionResults results = run(Specimen.of(new ConnectsLate(), Rule.CONNECTS_AHEAD, ""), true);

        assertEquals(Map.of(), broken(results));
        assertEquals(Set.of(Rule.CONNECTS_AHEAD), leftOut());
        assertEquals(1, results.testEvents().aborted().count());
    }

    /** Right, in another way: it says nothing of connecting ahead. */
    public static final class ConnectsLate extends LineTarget {
        @Override
        public boolean connectsAhead() {
            return false;
        }

        @Override
        void await(Line line, TargetContext context) {
        }
    }

    private Set<Rule> leftOut() {
        return printed.toString(UTF_8).lines().map(line -> line.replaceFirst("Keyturn contract kit: not tested: ([A-Z_]+) \\(.*", "$1"))
                .map(Rule::valueOf).collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
    }

    @AfterEach
    void richAgain() {
        Subject.poor = false;
    }

    static Stream<Specimen> wrongPlugins() {
        return Stream.of(WrongLogins.all(), WrongAhead.all(), WrongChanges.all(), WrongQuoting.all(), WrongOverlaps.all(), WrongManners.all(),
                WrongLeftovers.all()).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("wrongPlugins")
    void wrongPluginIsCaught(Specimen specimen) throws IOException {
        Map<Rule, String> broken = broken(run(specimen, SLOW.contains(specimen.rule())));

        assertTrue(broken.containsKey(specimen.rule()), () -> specimen + " was not caught; broken is " + broken);
        String message = broken.get(specimen.rule());
        assertTrue(message.contains(specimen.says()) && message.contains("look at: "), () -> "does not say why: " + message);
        Set<Rule> unrelated = EnumSet.copyOf(broken.keySet());
        unrelated.remove(specimen.rule());
        unrelated.removeAll(specimen.also());
        assertEquals(Set.of(), unrelated, () -> specimen + ", and for other reasons: " + broken);
    }

    @Test
    void everyRuleHasAWrongPlugin() {
        Set<Rule> covered = wrongPlugins().map(Specimen::rule).collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));

        assertEquals(EnumSet.allOf(Rule.class), covered);
    }

    /** Some tests wait for limits, of which the SPI makes two longer than a second; they are run where they matter. */
    private EngineExecutionResults run(Specimen specimen, boolean slow) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.keyturn.api.RotationTarget"), specimen.listed());
        Path about = Files.createDirectories(folder.resolve("META-INF/keyturn"));
        Files.writeString(about.resolve(specimen.plugin().getClass().getName() + ".properties"), "version=1\nspi=1.0\n");
        Subject.specimen = specimen;
        Subject.services = folder;
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").selectors(selectClass(Subject.class));
        if (!slow) {
            kit.filters((PostDiscoveryFilter) test -> FilterResult.includedIf(!WAITING.contains(test.getDisplayName())));
        }
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            return kit.execute();
        } finally {
            System.setOut(console);
        }
    }

    /** What the failures say, by rule. A failure that names no rule is one of the kit's own. */
    private static Map<Rule, String> broken(EngineExecutionResults results) {
        Map<Rule, String> broken = new EnumMap<>(Rule.class);
        for (Event event : results.allEvents().failed().list()) {
            Throwable failure = event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
            Matcher rule = RULE.matcher(String.valueOf(failure.getMessage()));
            if (!(failure instanceof AssertionError) || !rule.find()) {
                throw new AssertionError("the kit itself failed in " + event.getTestDescriptor().getDisplayName(), failure);
            }
            do {
                broken.merge(Rule.valueOf(rule.group(1)), failure.getMessage(),
                        (one, other) -> one.contains(other) ? one : one + "\n" + other);
            } while (rule.find());
        }
        return broken;
    }
}
