package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final class Hand implements Ticker {
        private long now = 1_000_000;

        @Override
        public long millis() {
            return now;
        }

        @Override
        public void pause(long millis) {
            now += millis;
        }
    }

    @Test
    void r7_theReserveIsAThirdAndAtMostTwentySeconds() {
        assertEquals(2_000, new Deadline(new Hand(), 3_000).forward());
        assertEquals(280_000, new Deadline(new Hand(), 300_000).forward());
    }

    @Test
    void timeGoesAndNeverBelowNothing() {
        Hand hand = new Hand();
        Deadline deadline = new Deadline(hand, 60_000);
        hand.pause(50_000);
        assertEquals(0, deadline.forward());
        assertEquals(10_000, deadline.left());
        assertEquals(5_000, deadline.endingShare(2));
        hand.pause(50_000);
        assertEquals(0, deadline.left());
        assertEquals(1, deadline.endingShare(2));
    }

    @Test
    void aPauseEndsAtTheEnd() {
        Hand hand = new Hand();
        Deadline deadline = new Deadline(hand, 3_000);
        deadline.pause(10_000);
        assertEquals(1_003_000, hand.millis());
    }
}
