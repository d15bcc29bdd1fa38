package io.deriver;

import io.deriver.internal.Names;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of work: its name, the class of its payloads and, where the store's default does not do,
 * its codec. Items are ordered and exclusive by (type, key): another type with the same key is
 * another queue.
 *
 * <p>Immutable and thread-safe. Two types are equal when their names and payload classes are.
 *
 * @param <T> the payload class
 */
public final class ItemType<T> {

  private final String name;
  private final Class<T> payloadClass;
  private final @Nullable Codec<T> codec;

  private ItemType(String name, Class<T> payloadClass, @Nullable Codec<T> codec) {
    this.name = Names.requireType(name);
    this.payloadClass = Objects.requireNonNull(payloadClass, "payloadClass");
    this.codec = codec;
  }

  /**
   * A type whose payloads the store's own codec writes (Jackson, on Postgres).
   *
   * @param name 1 to 100 characters, not blank, without control characters
   * @throws IllegalArgumentException if the name breaks that rule; the message says how
   */
  public static <T> ItemType<T> of(String name, Class<T> payloadClass) {
    return new ItemType<>(name, payloadClass, null);
  }

  /** The same type with a codec of its own. */
  public ItemType<T> withCodec(Codec<T> codec) {
    return new ItemType<>(name, payloadClass, Objects.requireNonNull(codec, "codec"));
  }

  /** The name that was given. */
  public String name() {
    return name;
  }

  /** The class of its payloads. */
  public Class<T> payloadClass() {
    return payloadClass;
  }

  /** The type's own codec, if it brings one. */
  public Optional<Codec<T>> codec() {
    return Optional.ofNullable(codec);
  }

  /** The type's own codec or, without one, that of the store. */
  public Codec<T> codecOr(Codecs defaults) {
    return codec != null ? codec : defaults.codecFor(payloadClass);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ItemType<?> that
        && name.equals(that.name)
        && payloadClass.equals(that.payloadClass);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
