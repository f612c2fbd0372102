package dev.valifyproxy.bench.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One soak from start to end. */
final class Soaking {

    /** What the heap may have grown by: code and tables of the JVM's that were not there after the warm-up. */
    private static final long HEAP_MARGIN = 16 * 1024 * 1024;

    private final SoakSettings settings;
    private final SplittableRandom random;
    private final Leaks leaks = Leaks.install();
    private final Views views = new Views();
    private final Book book;
    private final List<String> problems = new ArrayList<>();

    private Soaking(SoakSettings settings) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.book = new Book(settings.maxCalls());
    }

    /** Blocks for as long as the settings say, and until the last call has ended. */
    static Report run(SoakSettings settings) {
        return new Soaking(settings).run();
    }

    private Report run() {
        Memory atStart = Memory.atRest();
        Report report;
        try (ErrorLog log = ErrorLog.attach();
                Rig rig = new Rig(settings, book, random.split())) {
            Memory before = load(rig, settings.warmUp());
            Memory after = load(rig, settings.length());
            if (after.heap() > before.heap() + HEAP_MARGIN) {
                problems.add("the heap grew by " + (after.heap() - before.heap()) + " B");
            }
            Audit audit = new Audit(book, views, rig.registry(), rig.tokens());
            problems.addAll(audit.problems());
            log.counts().forEach((text, times) -> problems.add("logged " + times + " times: " + text));
            report = report(rig, audit, before, after);
        }
        return withBuffers(report, atStart);
    }

    private Memory load(Rig rig, Duration length) {
        rig.disturb();
        new Crowd(settings, rig.port(), book, views, random.split())
                .run(length)
                .forEach(failure -> problems.add("a client died: " + failure + ", " + failure.getCause()));
        if (!rig.settle()) {
            problems.add("the proxy does not come to rest: " + rig.status());
        }
        return Memory.atRest();
    }

    private Report report(Rig rig, Audit audit, Memory before, Memory after) {
        return new Report(
                settings,
                rig.transport(),
                book.size(),
                audit.ends(),
                audit.outcomes(),
                audit.errors(),
                audit.sent(),
                rig.tokens().minted(),
                before,
                after,
                problems);
    }

    /** An open connection may hold a buffer; so what is left is counted when all are closed. */
    private Report withBuffers(Report report, Memory atStart) {
        Memory atEnd = Memory.atRest();
        leaks.reports().forEach(leak -> problems.add("leaked: " + leak));
        if (atEnd.buffers() > atStart.buffers()) {
            problems.add((atEnd.buffers() - atStart.buffers()) + " B of buffers were not released");
        }
        return report.with(new Memory(report.after().heap(), atEnd.buffers() - atStart.buffers()));
    }
}
