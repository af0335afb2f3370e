"""Documents of comments: one module a platform, and where each platform has them."""
