"""Whether a contact is or becomes annoyed, foreseen from a conversation as it goes."""
