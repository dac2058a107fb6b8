package dev.keyturn.bench;

/** One part of the benchmarks. */
interface Section {

    /** Its heading. */
    String title();

    /** Measures, and tells what was seen. What cannot be measured here is told in a plain line, and is no exception. */
    void run(Report to) throws Exception;
}
