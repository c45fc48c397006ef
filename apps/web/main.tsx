import './styles/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startWatching } from './live/watching.ts';
import { startRouter } from './router.ts';

startRouter();
startWatching();
render(<App />, document.getElementById('app')!);
