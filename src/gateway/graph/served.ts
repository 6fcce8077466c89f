// What Apollo Server is given as a gateway, and how its executor is replaced.
import type { ApolloGateway } from '@apollo/gateway';

/** What Apollo Server accepts as a gateway. */
export type Served = Pick<ApolloGateway, 'onSchemaLoadOrUpdate' | 'load' | 'stop'>;

/** Executes an operation. */
export type Executor = Awaited<ReturnType<Served['load']>>['executor'];

/** The same gateway with another executor, which is given the former one. */
export function withExecutor(gateway: Served, replace: (former: Executor) => Executor): Served {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor, ...loaded } = await gateway.load(options);
      return { ...loaded, executor: replace(executor) };
    },
  };
}
