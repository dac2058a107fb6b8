package dev.keyturn.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The moment when the server closes. Whoever waits for anything else waits here too. */
final class Closing {

    private final CountDownLatch latch = new CountDownLatch(1);

    void now() {
        latch.countDown();
    }

    /** @throws Cut if the server closes meanwhile */
    void pause(Duration duration) throws Cut, InterruptedException {
        if (latch.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Cut("the server closes");
        }
    }

    /** Waits until the server closes. */
    void await() throws Cut, InterruptedException {
        latch.await();
        throw new Cut("the server closes");
    }
}
