package dev.keyturn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The record of calls, in the order of their arrival, and those who listen to it. */
final class CallLog {

    final List<Consumer<CallRecord>> beforeEffect = new CopyOnWriteArrayList<>();
    final List<Consumer<CallRecord>> afterEffect = new CopyOnWriteArrayList<>();
    final List<Consumer<CallRecord>> ended = new CopyOnWriteArrayList<>();

    private final List<CallRecord> records = new ArrayList<>();

    synchronized List<CallRecord> all() {
        return List.copyOf(records);
    }

    synchronized Entry open(CallRecord record) {
        records.add(record);
        return new Entry(records.size() - 1);
    }

    /** One call's place in the record. */
    final class Entry {

        private final int index;

        private Entry(int index) {
            this.index = index;
        }

        CallRecord now() {
            synchronized (CallLog.this) {
                return records.get(index);
            }
        }

        void effect() {
            change(CallRecord::withEffect);
        }

        /** Notes how the call ended, unless that is known. To be called before the caller can see it. */
        void end(int status) {
            if (now().status() == CallRecord.OPEN) {
                change(record -> record.withStatus(status));
                tell(ended);
            }
        }

        void tell(List<Consumer<CallRecord>> listeners) {
            CallRecord record = now();
            listeners.forEach(listener -> listener.accept(record));
        }

        private void change(UnaryOperator<CallRecord> change) {
            synchronized (CallLog.this) {
                records.set(index, change.apply(records.get(index)));
            }
        }
    }
}
