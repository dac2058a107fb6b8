package dev.keyturn.engine.statespace;

/** What a walk plays from each start; a name of its own for each, so that one way can be played again. */
enum Play {
    /** One fault of the whole alphabet in the first run. */
    ONE_FAULT,
    /** One of the faults that matter most. */
    ONE_CORE_FAULT,
    /** Two of those, in the first run, the second, or one in each. */
    TWO_CORE_FAULTS,
    /** Two runs with the same token, interleaved. */
    SAME_TOKEN_TWICE,
    /** A run that is cancelled and run again, and goes on. */
    CANCELLED_AND_AWAKE;

    /** What one way came to. */
    record Outcome(Scenario.End end, int runs, World world) {
    }

    Outcome play(Config config, Choices choices) {
        World world = new World(config, choices, Wrappers.NONE);
        return switch (this) {
            case ONE_FAULT -> faults(world, 1, Fault.Alphabet.FULL);
            case ONE_CORE_FAULT -> faults(world, 1, Fault.Alphabet.CORE);
            case TWO_CORE_FAULTS -> faults(world, 2, Fault.Alphabet.CORE);
            case SAME_TOKEN_TWICE -> twoRuns(world, true);
            case CANCELLED_AND_AWAKE -> twoRuns(world, false);
        };
    }

    private static Outcome faults(World world, int faults, Fault.Alphabet alphabet) {
        world.faults = faults;
        world.alphabet = alphabet;
        Scenario scenario = new Scenario(world, faults);
        Scenario.End end = scenario.play();
        return new Outcome(end, scenario.runs(), world);
    }

    /** The end is not judged here: what may come of it depends on the target's guard. */
    private static Outcome twoRuns(World world, boolean sameToken) {
        Caller old = new Caller(world, "old", "job1");
        Caller young = new Caller(world, "young", sameToken ? "job1" : "job2");
        old.disturbed = true;
        young.disturbed = true;
        new TwoRuns(world, old, young, Walk.LONG ? 3 : 2).play(() -> {
            if (!sameToken) {
                world.platform.cancel("job1");
            }
        });
        return new Outcome(Scenario.End.CONVERGED, 2, world);
    }
}
