package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A received head's fields behind Netty's interface, so that nobody behind the codec knows that they are still bytes. What is set is the
 * proxy's own, and not validated. Confined to one thread at a time.
 */
final class HeadFields extends HttpHeaders {

    private final FieldTable table;

    HeadFields(FieldTable table) {
        this.table = table;
    }

    /** Bytes that the fields of any kind take at the most. */
    static int sizeBound(HttpHeaders headers) {
        if (headers instanceof HeadFields fields) {
            return fields.table.sizeBound();
        }
        int bound = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            bound += field.getKey().length() + field.getValue().length() + 4;
        }
        return bound;
    }

    /** Writes the lines of the fields of any kind. */
    static void write(HttpHeaders headers, ByteBuf out) {
        if (headers instanceof HeadFields fields) {
            fields.table.writeTo(out);
            return;
        }
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            FieldTable.writeLine(field.getKey(), field.getValue(), out);
        }
    }

    @Override
    public boolean contains(CharSequence name) {
        return table.find(name, 0) >= 0;
    }

    @Override
    public boolean contains(String name) {
        return contains((CharSequence) name);
    }

    @Override
    public boolean containsValue(CharSequence name, CharSequence value, boolean ignoreCase) {
        return contains(name) && super.containsValue(name, value, ignoreCase);
    }

    @Override
    public @Nullable String get(CharSequence name) {
        int row = table.find(name, 0);
        return row < 0 ? null : table.value(row);
    }

    @Override
    public @Nullable String get(String name) {
        return get((CharSequence) name);
    }

    @Override
    public List<String> getAll(CharSequence name) {
        int row = table.find(name, 0);
        if (row < 0) {
            return List.of();
        }
        List<String> all = new ArrayList<>(1);
        for (; row >= 0; row = table.find(name, row + 1)) {
            all.add(table.value(row));
        }
        return all;
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public int size() {
        return table.size();
    }

    @Override
    public boolean isEmpty() {
        return table.size() == 0;
    }

    @Override
    public Set<String> names() {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        entries().forEach(field -> all.add(field.getKey()));
        return all;
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> all = new ArrayList<>(table.size());
        for (int row = table.next(0); row >= 0; row = table.next(row + 1)) {
            all.add(Map.entry(table.name(row).toString(), table.value(row)));
        }
        return all;
    }

    @Override
    @SuppressWarnings("deprecation") // What it overrides is, and abstract.
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        return new Fields();
    }

    /** In their order. */
    private final class Fields implements Iterator<Map.Entry<CharSequence, CharSequence>> {

        private int row = table.next(0);

        @Override
        public boolean hasNext() {
            return row >= 0;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (row < 0) {
                throw new NoSuchElementException();
            }
            Field field = new Field(row);
            row = table.next(row + 1);
            return field;
        }
    }

    private final class Field implements Map.Entry<CharSequence, CharSequence> {

        private final int row;

        Field(int row) {
            this.row = row;
        }

        @Override
        public CharSequence getKey() {
            return table.name(row);
        }

        @Override
        public CharSequence getValue() {
            return table.value(row);
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            CharSequence before = getValue();
            table.setValue(row, value);
            return before;
        }
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        table.add(name, value instanceof CharSequence text ? text : value.toString());
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> all) {
        all.forEach(value -> add((CharSequence) name, value));
        return this;
    }

    /** One in place of all of this name, behind the other fields. */
    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        return remove(name).add(name, value);
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> all) {
        return remove(name).add(name, all);
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        for (int row = table.find(name, 0); row >= 0; row = table.find(name, row + 1)) {
            table.remove(row);
        }
        return this;
    }

    @Override
    public HttpHeaders remove(String name) {
        return remove((CharSequence) name);
    }

    @Override
    public HttpHeaders clear() {
        for (int row = table.next(0); row >= 0; row = table.next(row + 1)) {
            table.remove(row);
        }
        return this;
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return add(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return add(name, Short.toString(value));
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return set(name, Short.toString(value));
    }

    private <N> @Nullable N parsed(CharSequence name, Function<String, N> parse) {
        String text = get(name);
        try {
            return text == null ? null : parse.apply(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        return parsed(name, Integer::valueOf);
    }

    @Override
    public int getInt(CharSequence name, int otherwise) {
        Integer value = getInt(name);
        return value == null ? otherwise : value;
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        return parsed(name, Short::valueOf);
    }

    @Override
    public short getShort(CharSequence name, short otherwise) {
        Short value = getShort(name);
        return value == null ? otherwise : value;
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // What Netty's formatter gives.
    public @Nullable Long getTimeMillis(CharSequence name) {
        Date date = parsed(name, DateFormatter::parseHttpDate);
        return date == null ? null : date.getTime();
    }

    @Override
    public long getTimeMillis(CharSequence name, long otherwise) {
        Long value = getTimeMillis(name);
        return value == null ? otherwise : value;
    }
}
