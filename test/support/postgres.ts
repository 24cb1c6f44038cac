export * from '../../scripts/postgres.ts';
