package dev.keyturn.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long a warm rotation takes over a network, against the least that its calls can take one after the other. */
final class Floor implements Section {

    private static final List<Long> DELAYS = List.of(1L, 5L, 20L);
    private static final Map<Long, String> WANTED = Map.of(1L, "1.25", 20L, "1.05");
    /** The calls to Secret Manager: to connect, start, store, complete. */
    private static final int MANAGER_TRIPS = 4;

    private final int rounds;
    private final int warmUp;

    /**
     * Its size.
     *
     * @param rounds how many runs of each kind are measured at each delay
     * @param warmUp how many go before, without delay
     */
    Floor(int rounds, int warmUp) {
        this.rounds = rounds;
        this.warmUp = warmUp;
    }

    /** A target, with overlap as it is by default or without. */
    private record Mode(Way way, boolean overlap) {

        String label() {
            return way.label + (way.target.overlaps() ? overlap ? ", overlap" : ", overlap off" : "");
        }
    }

    /** Of one mode at one delay. */
    private static final class Cell {
        final Figures rotation = new Figures();
        final Figures goodbyes = new Figures();
        final Figures work = new Figures();
        final Figures chain = new Figures();
        final Figures sample = new Figures();
        final Figures refused = new Figures();
        final Figures refusedLeast = new Figures();
        final Figures refusedBySample = new Figures();
    }

    @Override
    public String title() {
        return "Against the floor";
    }

    @Override
    public void run(Report to) throws Exception {
        List<List<String>> trips = new ArrayList<>();
        List<List<String>> times = new ArrayList<>();
        List<List<String>> windows = new ArrayList<>();
        for (Way way : Way.values()) {
            if (!way.target.available()) {
                to.say("Not measured: " + way.label + ", which does not run here.");
                continue;
            }
            for (boolean overlap : way.target.overlaps() ? new boolean[] {true, false} : new boolean[] {false}) {
                measure(new Mode(way, overlap), trips, times, windows);
            }
        }
        to.say("Round trips on the wire, each with its TLS; *floor* is the sum of the columns before it.");
        to.table(List.of("target", "Secret Manager", "login", "change", "login with the new value", "floor", "rotation", "sample's process"), trips);
        to.say("Milliseconds until complete is answered: median (least to most) of " + rounds + ". *Floor*: its round trips, and the time that the bare"
                + " calls take without a delay, measured in turn with the rest. *Goodbyes*: what a rotation takes after that, until it returns.");
        to.table(List.of("target", "round trip", "floor", "bare calls", "rotation", "sample's process", "rotation ÷ floor", "wanted",
                "sample ÷ floor", "goodbyes"), times);
        to.say("How long active is refused, from the change to complete; one account, no overlap. The least is the bare calls': one login, one call.");
        to.table(List.of("target", "round trip", "least", "rotation", "sample's process", "rotation ÷ least", "wanted", "sample ÷ least"), windows);
    }

    private void measure(Mode mode, List<List<String>> trips, List<List<String>> times, List<List<String>> windows) throws Exception {
        Way way = mode.way;
        try (Place rotating = new Place(way); Place bare = new Place(way); Place asSample = new Place(way)) {
            for (int i = 0; i < warmUp; i++) {
                rotate(rotating, mode, 0);
                bare.run(0, () -> BareSequence.run(bare.bareArguments()));
            }
            long counted = DELAYS.get(DELAYS.size() - 1);
            int[] logins = loginTrips(bare, counted);
            int floor = MANAGER_TRIPS + logins[0] + 1 + logins[1];
            Map<Long, Cell> cells = new TreeMap<>();
            for (long delay : DELAYS) {
                Cell cell = cells.computeIfAbsent(delay, none -> new Cell());
                Place.Run rotation = null;
                Place.Run sample = null;
                for (int i = 0; i < rounds; i++) {
                    rotation = rotate(rotating, mode, delay);
                    cell.rotation.add(rotation.chain());
                    cell.goodbyes.add(rotation.millis() - rotation.chain());
                    cell.refused.add(rotation.refused());
                    // In turn with the rest, because the machine is not equally fast all the time.
                    cell.work.add(bare.run(0, () -> BareSequence.run(bare.bareArguments())).chain());
                    Place.Run chain = bare.run(delay, () -> BareSequence.run(bare.bareArguments()));
                    cell.chain.add(chain.chain());
                    cell.refusedLeast.add(chain.refused());
                    sample = asSample.run(delay, () -> SampleProcess.run(asSample.bareArguments()));
                    cell.sample.add(sample.chain());
                    cell.refusedBySample.add(sample.refused());
                }
                if (delay == counted) {
                    trips.add(row(mode.label(), MANAGER_TRIPS, logins[0], 1, logins[1], floor, rotation.trips(), sample.trips()));
                }
            }
            cells.forEach((delay, cell) -> {
                double least = floor * (double) delay + cell.work.median();
                times.add(row(mode.label(), delay + " ms", Figures.text(least), Figures.text(cell.chain.median()), cell.rotation, cell.sample,
                        Figures.ratio(cell.rotation.median(), least), WANTED.getOrDefault(delay, ""),
                        Figures.ratio(cell.sample.median(), least), Figures.text(cell.goodbyes.median())));
                if (!mode.overlap) {
                    double shortest = cell.refusedLeast.median();
                    windows.add(row(mode.label(), delay + " ms", Figures.text(shortest), cell.refused, cell.refusedBySample,
                            Figures.ratio(cell.refused.median(), shortest), "1.10", Figures.ratio(cell.refusedBySample.median(), shortest)));
                }
            });
        }
    }

    private static Place.Run rotate(Place place, Mode mode, long delay) throws Exception {
        var arguments = place.arguments();
        if (place.way.target.overlaps() && !mode.overlap) {
            arguments.put("overlap", "off");
        }
        return place.run(delay, () -> place.rotate(arguments));
    }

    /** How many round trips a login of the driver's has, of a value that worked before and of one that is new. */
    private static int[] loginTrips(Place place, long delay) throws Exception {
        int[] trips = new int[2];
        place.run(delay, () -> BareSequence.run(place.bareArguments(), session -> trips[session]
                = place.toTarget.crossed().get(session).trips()));
        return trips;
    }

    private static List<String> row(Object... cells) {
        return Arrays.stream(cells).map(String::valueOf).toList();
    }
}
