export * from '../../scripts/redis.ts';
