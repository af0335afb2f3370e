"""The screens of conversations: threads, the inbox, its acts, their figures."""
