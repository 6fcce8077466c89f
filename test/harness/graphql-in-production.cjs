// graphql-js reads NODE_ENV once, when it is loaded: in production it checks a type with
// `instanceof` alone, otherwise it also looks for a second copy of graphql-js, which takes about a
// tenth of the time of a test with real GraphQL. Here it is loaded as in production; everything
// else finds NODE_ENV as it was.
const { NODE_ENV } = process.env;
process.env.NODE_ENV = 'production';
require('graphql/jsutils/instanceOf');
process.env.NODE_ENV = NODE_ENV;
