package io.perigee.model;

/** What an agent says of itself under one name: a number, ranges or a text. */
public sealed interface AttributeValue permits Scalar, Ranges, AttributeValue.Text {

  /** Any text, never empty. */
  record Text(String text) implements AttributeValue {
    @Override
    public String toString() {
      return text;
    }
  }
}
