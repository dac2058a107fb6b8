package dev.keyturn.engine.rotation;

/** Time, as a run sees it. Tests have one of their own, so that waiting costs nothing. */
public interface Ticker {

    /** The machine's time. */
    Ticker SYSTEM = new Ticker() {
        @Override
        public long millis() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void pause(long millis) throws InterruptedException {
            Thread.sleep(millis);
        }
    };

    /**
     * A time that only differences have a meaning of.
     *
     * @return milliseconds
     */
    long millis();

    /**
     * Waits.
     *
     * @param millis milliseconds, at least 0
     * @throws InterruptedException if the thread is to end
     */
    void pause(long millis) throws InterruptedException;
}
