import '@xterm/xterm/css/xterm.css';
import './ui/styles.css';
import './ui/weft-app.js';
