import './styles/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { readSession } from './live/session.ts';
import { startWatching } from './live/watching.ts';
import { startRouter } from './router.ts';

startRouter();
startWatching();
void readSession();
render(<App />, document.getElementById('app')!);
