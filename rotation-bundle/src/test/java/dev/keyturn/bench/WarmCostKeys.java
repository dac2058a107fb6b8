package dev.keyturn.bench;

import dev.keyturn.engine.rotation.RotationReport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One rotation of a secret, by how many keys of it rotate. Public, with public fields and methods, for the code that JMH makes. */
@State(Scope.Thread)
public class WarmCostKeys {

    /** How many keys rotate, each an account. */
    @Param({"1", "2", "5", "10", "20"})
    public int keys;

    private MemoryRotation rotation = MemoryRotation.of(1, 2, 100);

    /** Makes the secret. */
    @Setup
    public void make() {
        rotation = MemoryRotation.of(keys, 2 * keys, 0);
    }

    /** What is measured. */
    @Benchmark
    public RotationReport rotate() {
        return rotation.rotate();
    }
}
