// The second process of the store's tests.
