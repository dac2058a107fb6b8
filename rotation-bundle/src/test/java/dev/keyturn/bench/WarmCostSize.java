package dev.keyturn.bench;

import dev.keyturn.engine.rotation.RotationReport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One rotation of a secret with one rotating key, by the size of the secret. Public for the code that JMH makes. */
@State(Scope.Thread)
public class WarmCostSize {

    /** About how long its text is; the platform's limit is 10,000. One key for each 100 bytes, so 100 at most, its other limit. */
    @Param({"1000", "2500", "5000", "10000"})
    public int bytes;

    private MemoryRotation rotation = MemoryRotation.of(1, 2, 100);

    /** Makes the secret. */
    @Setup
    public void make() {
        // A little less: a new value may be longer than the one that stood there at first.
        rotation = MemoryRotation.of(1, bytes / 100, bytes - 20);
    }

    /** What is measured. */
    @Benchmark
    public RotationReport rotate() {
        return rotation.rotate();
    }
}
