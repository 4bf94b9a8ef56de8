/** Stands for the engine's inbox: takes pixels and says that they came. */
process.on('message', () => process.send?.('received'))
process.once('disconnect', () => process.exit(0))
process.send?.('ready')
