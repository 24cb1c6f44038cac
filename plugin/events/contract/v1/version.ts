/**
 * Version of the contract, `major.minor`. The major number is the `v` of every event; a change that an older reader cannot
 * live with raises it. The minor number grows with every addition.
 */
export const CONTRACT_VERSION = '1.1';

/** The `v` of every event of this contract. */
export const CONTRACT_MAJOR = 1;
